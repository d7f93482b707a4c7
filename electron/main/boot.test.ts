import { expect, test } from 'vitest';
import { type BootStep, boot } from './boot.ts';

function recorder(): { ran: string[]; step: (name: string, run?: BootStep['run']) => BootStep } {
  const ran: string[] = [];
  return {
    ran,
    step: (name, run) => ({
      name,
      run: () => {
        ran.push(name);
        return run?.();
      },
    }),
  };
}
const still = (): number => 0;
const silent = (): void => undefined;

test('steps run in their order, each after the one before has ended', async () => {
  const { ran, step } = recorder();
  const slow = step('slow', async () => {
    await Promise.resolve();
    ran.push('slow ended');
    return undefined;
  });
  expect(await boot([step('first'), slow, step('last')], still, silent)).toEqual({ kind: 'done' });
  expect(ran).toEqual(['first', 'slow', 'slow ended', 'last']);
});

test('steps before the first wait run in the tick of the call', () => {
  const { ran, step } = recorder();
  void boot([step('scheme'), step('sandbox'), step('ready', async () => undefined), step('window')], still, silent);
  expect(ran).toEqual(['scheme', 'sandbox', 'ready']);
});

test('a step that fails ends the start, names itself and keeps later steps from running', async () => {
  const { ran, step } = recorder();
  const error = new Error('no disk');
  const broken = step('core', async () => Promise.reject(error));
  const told: string[] = [];
  const result = await boot([step('log'), broken, step('window')], still, (name) => told.push(name));
  expect(result).toEqual({ kind: 'failed', at: 'core', error });
  expect(ran).toEqual(['log', 'core']);
  expect(told).toEqual(['log']);
});

test('a step that throws at once is told the same way as one that rejects', async () => {
  const { step } = recorder();
  const broken = step('scheme', () => {
    throw new Error('too late');
  });
  expect(await boot([broken], still, silent)).toMatchObject({ kind: 'failed', at: 'scheme' });
});

test('a step that says stop ends the start without an error', async () => {
  const { ran, step } = recorder();
  const result = await boot([step('one instance', () => 'stop'), step('window')], still, silent);
  expect(result).toEqual({ kind: 'stopped', at: 'one instance' });
  expect(ran).toEqual(['one instance']);
});
