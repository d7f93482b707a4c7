import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentSecurityPolicy, serveFiles } from './serve-app.ts';

let home = '';
let serve: (request: Request) => Promise<Response>;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'serve-'));
  mkdirSync(join(home, 'renderer', 'assets'), { recursive: true });
  writeFileSync(join(home, 'secret.js'), 'secret');
  writeFileSync(join(home, 'renderer', 'index.html'), '<p>hello</p>');
  writeFileSync(join(home, 'renderer', 'assets', 'a b.js'), 'code');
  writeFileSync(join(home, 'renderer', 'work.db'), 'data');
  serve = serveFiles(join(home, 'renderer'));
});
afterAll(() => {
  rmSync(home, { recursive: true });
});

test('the root is the page, with its policy', async () => {
  const answer = await serve(new Request('app://bundle/'));
  expect([answer.status, await answer.text()]).toEqual([200, '<p>hello</p>']);
  expect(answer.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
});

test('an escaped name finds its file', async () => {
  expect(await (await serve(new Request('app://bundle/assets/a%20b.js'))).text()).toBe('code');
});

test.each([
  ['a way out of the folder', 'app://bundle/..%2fsecret.js', {}],
  ['a way out by back slashes', 'app://bundle/..%5csecret.js', {}],
  ['another host', 'app://other/index.html', {}],
  ['a file of a kind we do not serve', 'app://bundle/work.db', {}],
  ['a broken escape', 'app://bundle/%E0%A4%A', {}],
  ['a zero byte', 'app://bundle/index.html%00.js', {}],
  ['a missing file', 'app://bundle/none.js', {}],
  ['another method', 'app://bundle/index.html', { method: 'POST', body: 'x' }],
])('%s is not found, and that answer has the policy too', async (_what, url, init) => {
  const answer = await serve(new Request(url, init));
  expect(answer.status).toBe(404);
  expect(answer.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
});
