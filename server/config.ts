import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { badInput } from '#shared/lib/errors.ts';
import { fail, ok, type Result } from '#shared/lib/result.ts';

const flag = z.pipe(
  z._default(z.enum(['0', '1']), '0'),
  z.transform((v) => v === '1'),
);
const whole = (low: number, high: number, standard: number) =>
  z.pipe(
    z._default(z.string().check(z.regex(/^\d{1,9}$/, 'a whole number')), String(standard)),
    z.pipe(z.transform(Number), z.number().check(z.minimum(low), z.maximum(high))),
  );

const schema = z.object({
  FAIRLEAD_HOST: z._default(z.string(), '127.0.0.1'),
  FAIRLEAD_PORT: whole(0, 65_535, 7600),
  FAIRLEAD_PUBLIC_URL: z.optional(z.url({ protocol: /^https?$/ })),
  FAIRLEAD_DATA_DIR: z._default(z.string(), join(homedir(), '.fairlead', 'hub')),
  FAIRLEAD_DATABASE_URL: z.optional(z.string().check(z.regex(/^postgres(ql)?:\/\//, 'a postgresql:// address'))),
  FAIRLEAD_TLS_CERT: z.optional(z.string()),
  FAIRLEAD_TLS_KEY: z.optional(z.string()),
  FAIRLEAD_TLS_PROXY: flag,
  FAIRLEAD_ORG_NAME: z._default(z.string().check(z.minLength(1), z.maxLength(120)), 'My organisation'),
  FAIRLEAD_OFFLINE_HOURS: whole(1, 168, 12),
  FAIRLEAD_LOG_LEVEL: z._default(z.enum(['debug', 'info', 'warn', 'error', 'silent']), 'info'),
  FAIRLEAD_METRICS_TOKEN: z.optional(z.string().check(z.minLength(16), z.maxLength(200))),
  FAIRLEAD_DEMO_CUSTOMERS: whole(1, 1_000_000, 300),
  FAIRLEAD_DEMO_SEED: whole(0, 999_999_999, 7),
});

/** How this hub is to run. Every variable is listed in server/README.md. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | null;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  readonly isBehindTlsProxy: boolean;
  readonly orgName: string;
  readonly offlineForMs: number;
  readonly logLevel: string;
  /** who may read /metrics from elsewhere; null = only this machine */
  readonly metricsToken: string | null;
  readonly demo: { readonly customers: number; readonly seed: number } | null;
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Reads the environment; refuses what is not understood, naming the variable. Anything but loopback needs TLS: own
 * certificate, or a proxy in front that does it (FAIRLEAD_TLS_PROXY=1 says so).
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, argv: readonly string[]): Result<Config> {
  const given = Object.fromEntries(
    Object.entries(env).filter(([key, value]) => key.startsWith('FAIRLEAD_') && value !== ''),
  );
  const parsed = z.safeParse(schema, given);
  if (!parsed.success) return fail(badInput('hub/bad-setting', parsed.error, 'hub'));
  const e = parsed.data;
  if ((e.FAIRLEAD_TLS_CERT === undefined) !== (e.FAIRLEAD_TLS_KEY === undefined)) {
    return fail({ code: 'hub/half-tls', origin: 'hub', retry: 'never', field: 'FAIRLEAD_TLS_KEY' });
  }
  const tls =
    e.FAIRLEAD_TLS_CERT && e.FAIRLEAD_TLS_KEY ? { certFile: e.FAIRLEAD_TLS_CERT, keyFile: e.FAIRLEAD_TLS_KEY } : null;
  if (!loopback.has(e.FAIRLEAD_HOST) && !tls && !e.FAIRLEAD_TLS_PROXY) {
    return fail({ code: 'hub/no-tls', origin: 'hub', retry: 'never', field: 'FAIRLEAD_HOST' });
  }
  return ok({
    host: e.FAIRLEAD_HOST,
    port: e.FAIRLEAD_PORT,
    publicUrl: e.FAIRLEAD_PUBLIC_URL ?? null,
    dataDir: e.FAIRLEAD_DATA_DIR,
    databaseUrl: e.FAIRLEAD_DATABASE_URL ?? null,
    tls,
    isBehindTlsProxy: e.FAIRLEAD_TLS_PROXY,
    orgName: e.FAIRLEAD_ORG_NAME,
    offlineForMs: e.FAIRLEAD_OFFLINE_HOURS * 60 * 60 * 1000,
    logLevel: e.FAIRLEAD_LOG_LEVEL,
    metricsToken: e.FAIRLEAD_METRICS_TOKEN ?? null,
    demo: argv.includes('--demo') ? { customers: e.FAIRLEAD_DEMO_CUSTOMERS, seed: e.FAIRLEAD_DEMO_SEED } : null,
  });
}
