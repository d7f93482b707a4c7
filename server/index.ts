import type { AppError } from '#shared/lib/errors.ts';
import { runTool, usage } from './cli.ts';
import { readConfig } from './config.ts';
import { serve } from './serve.ts';

/** Says in words why the hub does not do what it was asked, and ends. */
function refuse(error: AppError): never {
  const why = error.params?.['why'] ?? error.params?.['name'] ?? '';
  const field = error.field ? ` (${error.field})` : '';
  process.stderr.write(`fairlead hub: ${error.code}${field}${why ? `: ${why}` : ''}\n`);
  process.exit(1);
}

function failed(error: unknown): AppError {
  const why = error instanceof Error ? error.message : String(error);
  return { code: 'hub/failed', origin: 'hub', retry: 'never', params: { why } };
}

async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help') || argv[0] === 'help') {
    process.stdout.write(usage);
    return;
  }
  const config = readConfig(process.env, argv);
  if (!config.ok) refuse(config.error);
  const isTool = argv[0] !== undefined && !argv[0].startsWith('-');
  const done = isTool
    ? await runTool(config.value, argv, (line) => process.stdout.write(`${line}\n`))
    : await serve(config.value);
  if (!done.ok) refuse(done.error);
  if (isTool) process.exitCode = Number(done.value);
}

await main(process.argv.slice(2)).catch((error: unknown) => refuse(failed(error)));
