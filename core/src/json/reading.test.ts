/** A place knows its path, says what is wrong there, and whose fault it is. */
import { expect, test } from 'vitest';
import { isMissing, isObject, Reading } from './reading.ts';

const caught = (body: () => unknown): unknown => {
  try {
    return body();
  } catch (error) {
    return error;
  }
};

test('what is wrong in a request is the client’s fault, and says where', () => {
  const place = Reading.request().at('messages').at(2).at('content');
  expect(caught(() => place.string(7))).toMatchObject({
    code: 'GW_BAD_REQUEST',
    message: 'messages.2.content: must be a string',
    details: { param: 'messages.2.content' },
  });
  expect(caught(() => place.list(undefined))).toMatchObject({
    message: 'messages.2.content: is missing; it must be a list',
  });
});

test('what is wrong in a reply is the provider’s', () => {
  expect(caught(() => Reading.reply().at('usage').object([]))).toMatchObject({
    code: 'GW_UPSTREAM_INVALID',
    message: expect.stringContaining('usage: must be an object'),
  });
});

test('values that are what they must be come back', () => {
  const place = Reading.request();
  expect([place.string(''), place.list([1]), place.number(-1.5), place.count(3), place.boolean(false)]).toEqual([
    '',
    [1],
    -1.5,
    3,
    false,
  ]);
  expect(place.object({ a: 1 })).toEqual({ a: 1 });
});

test.each([-1, 1.5, 2 ** 60, '1', null])('%j is no count', (value) => {
  expect(() => Reading.request().at('n').count(value)).toThrow('n: must be a whole number that is not negative');
});

test('a list and null are no objects; null says as little as nothing', () => {
  expect([isObject({}), isObject([]), isObject(null), isObject('x')]).toEqual([true, false, false, false]);
  expect([isMissing(null), isMissing(undefined), isMissing(0), isMissing('')]).toEqual([true, true, false, false]);
});
