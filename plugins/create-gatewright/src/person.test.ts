import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Person } from './person.ts';

function terminal(): { readonly person: Person; readonly input: PassThrough; readonly said: () => string } {
  const [input, output] = [new PassThrough(), new PassThrough()];
  return { person: new Person(input, output), input, said: () => String(output.read() ?? '') };
}

test('lines answer the questions in their order, also when they come early', async () => {
  const { person, input, said } = terminal();
  input.write('a\nb\n');
  expect([await person.ask('One? '), await person.ask('Two? ')]).toEqual(['a', 'b']);
  expect(said()).toBe('One? Two? ');
  const third = person.ask('Three? ');
  input.write('c\n');
  expect(await third).toBe('c');
  person.leave();
});

test('where the input ends, every answer is empty', async () => {
  const { person, input } = terminal();
  input.end('a\n');
  expect([await person.ask('1 '), await person.ask('2 '), await person.ask('3 ')]).toEqual(['a', '', '']);
});
