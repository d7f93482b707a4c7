import { isSignedBy } from '#core/db/signing.ts';
import type { Http, HttpRequest } from '#core/session/hub-http.ts';
import { hubError } from '#shared/lib/errors.ts';
import { type FakeDevice, fakeAgent, fakeId, fakeOrg, tokensOf } from './fake-company.ts';

/** What HTTP calls need of the fake hub. */
export interface HttpDoor {
  readonly reach: string;
  readonly isDemo: boolean;
  password: string;
  readonly devices: ReadonlyMap<string, FakeDevice>;
  now(): number;
  signIn(deviceId: string, publicKey: string, personId: string): unknown;
}

/** The few HTTP calls a desk makes of a hub. */
export const answerHttp = async (hub: HttpDoor, { path, body }: HttpRequest): ReturnType<Http> => {
  if (hub.reach !== 'open') return null;
  const asked = body as Record<string, string>;
  const refuse = (code: string): { status: number; body: unknown } => ({
    status: 403,
    body: { error: hubError(code) },
  });
  switch (path) {
    case '/v1/enrol':
      if (asked['code'] !== 'CODE-1') return refuse('session/wrong-code');
      return {
        status: 200,
        body: { stationToken: 'station'.padEnd(24, '-'), hubId: fakeOrg, orgName: 'Harbour & Pine' },
      };
    case '/v1/demo':
      if (!hub.isDemo) return refuse('session/no-demo');
      return { status: 200, body: hub.signIn(asked['deviceId'] ?? '', asked['publicKey'] ?? '', fakeAgent) };
    case '/v1/sign-in': {
      if (asked['password'] !== hub.password) return refuse('session/wrong-password');
      const person = /^agent(\d+)@/.exec(asked['email'] ?? '')?.[1];
      return {
        status: 200,
        body: hub.signIn(
          asked['deviceId'] ?? '',
          asked['publicKey'] ?? '',
          person ? fakeId(Number(person)) : fakeAgent,
        ),
      };
    }
    case '/v1/refresh': {
      const device = hub.devices.get(asked['deviceId'] ?? '');
      const { sig, ...rest } = asked;
      if (!device || device.gone || !isSignedBy(rest, sig ?? '', device.publicKey)) return refuse('session/expired');
      device.serial += 1;
      return { status: 200, body: { tokens: tokensOf(device, hub.now()), hubAt: hub.now() } };
    }
    case '/v1/password':
      if (asked['current'] !== hub.password) return refuse('session/wrong-password');
      hub.password = asked['next'] ?? '';
      return { status: 200, body: {} };
    default:
      return { status: 404, body: null };
  }
};
