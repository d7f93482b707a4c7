import { describe, expect, test } from 'vitest';
import { judgeForm, judgeLength, judgeNames } from './form.ts';
import { houseOfTexts } from './house-of-texts.ts';

/** The laws that this text breaks as the file at `path`. */
function laws(text: string, path = 'shared/inbox/model.ts'): string[] {
  return judgeForm(houseOfTexts({ [path]: text })).map((finding) => finding.law);
}

describe('the form of a file', () => {
  test('has at most 300 lines, generated ones aside', () => {
    const files = {
      'shared/lib/fits.ts': 'x;\n'.repeat(300),
      'shared/lib/long.ts': 'x;\n'.repeat(301),
      'renderer/app/long.css': 'a{}\n'.repeat(301),
      'shared/lib/long.generated.ts': 'x;\n'.repeat(301),
    };
    expect(judgeLength(houseOfTexts(files)).map((finding) => finding.path)).toEqual([
      'shared/lib/long.ts',
      'renderer/app/long.css',
    ]);
  });

  test.each(['export default 1;', 'export default function a() {}', 'const a = 1;\nexport { a as default };'])(
    'gives every export a name: %s',
    (text) => {
      expect(laws(text)).toEqual(['default-export']);
    },
  );

  test('lets a tool configuration export what its tool demands', () => {
    expect(laws('export default {};', 'vitest.config.ts')).toEqual([]);
  });

  test.each(['let a: any;', 'const a = 1 as any;', 'function f(x: Map<string, any>) {}'])('has no any: %s', (text) => {
    expect(laws(text)).toEqual(['any']);
  });

  test('is not a barrel', () => {
    expect(laws("export { a } from './a.ts';\nexport { b } from './b.ts';")).toEqual(['barrel']);
    expect(laws("export const c = 1;\nexport * from './a.ts';")).toEqual(['barrel']);
    expect(laws("export const c = 1;\nexport { a } from './a.ts';")).toEqual([]);
  });

  test.each([
    'Date.now();',
    'const a = new Date();',
    'setTimeout(() => undefined, 1);',
    'setInterval(() => undefined, 1);',
    'globalThis.setTimeout(() => undefined, 1);',
    "import { setTimeout } from 'node:timers/promises';",
  ])('takes its time from outside: %s', (text) => {
    for (const path of ['shared/inbox/rules.ts', 'electron/core/sync/pull.ts', 'server/inbox/handle.ts']) {
      expect(laws(text, path)).toEqual(['clock']);
    }
    for (const path of ['shared/lib/time.ts', 'renderer/app/a.ts', 'server/inbox/handle.test.ts', 'build/a.ts']) {
      expect(laws(text, path)).toEqual([]);
    }
  });

  test('may turn a moment that it was given into a date, and set a timer on a clock', () => {
    expect(laws('const a = new Date(0); clock.setTimeout(f, 1);')).toEqual([]);
  });

  test.each(['TO' + 'DO', 'FIX' + 'ME', '@ts-' + 'ignore', 'biome-' + 'ignore', 'eslint-' + 'disable'])(
    'carries no mark of unfinished or silenced work: %s',
    (mark) => {
      expect(laws(`const a = 1; // ${mark} later`)).toEqual(['marks']);
      expect(laws(`/*\n * ${mark}: later\n */`)).toEqual(['marks']);
      expect(laws(`const a = '${mark}';`)).toEqual([]);
    },
  );

  test.each([
    'class SyncManager {}',
    'function dateHelpers() {}',
    'interface UserService {}',
    'const COMMON_KEYS = 1;',
  ])('has no name that says nothing: %s', (text) => {
    expect(laws(text)).toEqual(['names']);
  });
});

describe('the name of a file', () => {
  test.each([
    'shared/lib/DateText.ts',
    'shared/lib/date_text.ts',
    'shared/Inbox/model.ts',
    'server/inbox/inbox-service.ts',
    'renderer/ui/utils/a.ts',
    'electron/core/window-manager.ts',
  ])('is refused: %s', (path) => {
    expect(judgeNames(houseOfTexts({ [path]: '' })).map((finding) => finding.path)).toContain(path);
  });

  test.each(['shared/lib/date-text.test.ts', 'server/db/migrations/0001-core.sql', 'server/inbox/README.md'])(
    'is fine: %s',
    (path) => {
      expect(judgeNames(houseOfTexts({ [path]: '' }))).toEqual([]);
    },
  );
});
