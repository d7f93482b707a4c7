import { describe, expect, it } from 'vitest';
import { scopeOf } from '#shared/lib/scope.ts';
import type { Backfilled, Page, WireRow } from '#shared/wire/messages.ts';
import { type JoinedScope, mergeBackfill, mergePage, type Standing } from './merge.ts';

const uuid = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const device = uuid(1);
const deviceScope = scopeOf.device(device);
const teams = [scopeOf.team(uuid(11)), scopeOf.team(uuid(12)), scopeOf.team(uuid(13))];
const teamA = teams[0] ?? '';

const page = (part: Partial<Page>): Page => ({
  t: 'page',
  from: { seq: 0, mark: '' },
  rows: [],
  outcomes: [],
  upTo: { seq: 10, mark: 'm' },
  head: 10,
  more: false,
  hubAt: 0,
  ...part,
});
const row = (s: string, q: number, e = 'head', b: unknown = {}): WireRow => ({
  s,
  e,
  i: `${e}${q}`,
  q,
  b: b === null ? null : JSON.stringify(b),
});
const holding = (scope: string, q: number, cause = 'device', isLiving = true): WireRow => ({
  s: deviceScope,
  e: 'holding',
  i: `${scope}|${cause}`,
  q,
  b: isLiving ? JSON.stringify({ scope, cause }) : null,
});
const standing = (part: Partial<Standing> = {}): Standing => ({
  deviceScope,
  cursor: { seq: 5, mark: 'c' },
  holdings: new Map(),
  ...part,
});

describe('where a page belongs', () => {
  it('takes a page that goes on from the cursor, by seq and mark', () => {
    expect(mergePage(standing(), page({ from: { seq: 5, mark: 'c' } })).verdict).toBe('apply');
    expect(mergePage(standing(), page({ from: { seq: 5, mark: 'other' } })).verdict).toBe('gap');
    expect(mergePage(standing(), page({ from: { seq: 7, mark: 'c' } })).verdict).toBe('gap');
  });

  it('knows a page it has seen', () => {
    expect(mergePage(standing(), page({ from: { seq: 2, mark: 'b' }, upTo: { seq: 5, mark: 'c' } })).verdict).toBe(
      'seen',
    );
  });

  it('starts a new cache only from the very beginning', () => {
    expect(mergePage(standing({ cursor: null }), page({ from: { seq: 3, mark: 'x' } })).verdict).toBe('gap');
    expect(mergePage(standing({ cursor: null }), page({})).verdict).toBe('apply');
  });

  it('refuses rows out of order and holdings that make no sense', () => {
    const from = { seq: 5, mark: 'c' };
    expect(mergePage(standing(), page({ from, rows: [row(deviceScope, 7), row(deviceScope, 6)] })).verdict).toBe('gap');
    expect(mergePage(standing(), page({ from, rows: [row(deviceScope, 11)] })).verdict).toBe('gap');
    expect(mergePage(standing(), page({ from, rows: [{ ...holding(teamA, 6), i: 'nonsense' }] })).verdict).toBe('gap');
  });
});

describe('holdings', () => {
  const from = { seq: 5, mark: 'c' };

  it('joins a gained scope at the end of the page, to be backfilled, and leaves out what came before its holding', () => {
    const merged = mergePage(standing(), page({ from, rows: [row(teamA, 6), holding(teamA, 7, 'a'), row(teamA, 8)] }));
    expect(merged).toMatchObject({
      leftOut: 1,
      steps: [
        { do: 'holding', lost: teamA, gained: { scope: teamA, joinedAt: 10, isWhole: false } },
        { do: 'rows', rows: [{ q: 8 }] },
      ],
    });
  });

  it('keeps a scope while one cause of it lives and loses it with the last', () => {
    const holdings = new Map([
      [`${teamA}|a`, { scope: teamA, seq: 1, since: '' }],
      [`${teamA}|b`, { scope: teamA, seq: 2, since: '' }],
    ]);
    const merged = mergePage(
      standing({ holdings }),
      page({ from, rows: [holding(teamA, 6, 'a', false), holding(teamA, 7, 'b', false)] }),
    );
    expect(merged).toMatchObject({
      steps: [
        { lost: null, gained: null },
        { lost: teamA, gained: null },
      ],
    });
  });

  it('fetches a scope anew when its holding was granted again', () => {
    const holdings = new Map([[`${teamA}|a`, { scope: teamA, seq: 1, since: '' }]]);
    const merged = mergePage(standing({ holdings }), page({ from, rows: [holding(teamA, 9, 'a')] }));
    expect(merged).toMatchObject({ steps: [{ lost: teamA, gained: { joinedAt: 10 } }] });
  });

  it('fetches a scope anew when another cause holds it now and there was a break between, though the row before still stands', () => {
    const holdings = new Map([[`${teamA}|a`, { scope: teamA, seq: 1, since: 'first' }]]);
    const again = (since: string): WireRow => ({
      ...holding(teamA, 6, 'b'),
      b: JSON.stringify({ scope: teamA, cause: 'b', since }),
    });
    const answer = (since: string) => mergePage(standing({ holdings }), page({ from, rows: [again(since)] }));
    expect(answer('second')).toMatchObject({ steps: [{ lost: teamA, gained: { joinedAt: 10 } }] });
    expect(answer('first')).toMatchObject({ steps: [{ lost: null, gained: null }] });
  });

  it('needs no backfill for its own scope, whose rows are in every page', () => {
    const merged = mergePage(
      standing({ cursor: null }),
      page({ rows: [holding(deviceScope, 3), holding(teamA, 7, 'a')] }),
    );
    expect(merged).toMatchObject({
      steps: [
        { lost: null, gained: { scope: deviceScope, isWhole: true } },
        { lost: teamA, gained: { scope: teamA, joinedAt: 10, isWhole: false } },
      ],
    });
  });
});

describe('backfill answers', () => {
  const joined: JoinedScope = { joinedAt: 7, isComplete: false, backfillAfter: null };
  const answer = (part: Partial<Backfilled>): Backfilled => ({
    t: 'backfilled',
    id: 1,
    scope: teamA,
    upTo: 7,
    rows: [],
    next: null,
    isHeld: true,
    ...part,
  });

  it('are dropped when the scope was lost or joined elsewhere meanwhile', () => {
    expect(mergeBackfill(null, answer({}), 0).verdict).toBe('discard');
    expect(mergeBackfill({ ...joined, joinedAt: 9 }, answer({}), 0).verdict).toBe('discard');
    expect(mergeBackfill(joined, answer({ isHeld: false }), 0).verdict).toBe('not-held');
  });

  it('are refused when they hold another scope, run backwards or do not move', () => {
    expect(mergeBackfill(joined, answer({ rows: [row('org', 3)] }), 0).verdict).toBe('malformed');
    expect(mergeBackfill(joined, answer({ rows: [row(teamA, 3)] }), 3).verdict).toBe('malformed');
    expect(mergeBackfill(joined, answer({ next: 3 }), 3).verdict).toBe('malformed');
    expect(mergeBackfill(joined, answer({ rows: [row(teamA, 3)], next: 3 }), 0).verdict).toBe('apply');
  });
});
