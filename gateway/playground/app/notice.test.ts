import { beforeEach, expect, it } from '@jest/globals';
import { noteAnswer, noteSchemaAnswer, notice } from './notice.ts';

beforeEach(() => notice.set(null));

it('says nothing while there is a schema, and operations run or fail as usual', () => {
  noteSchemaAnswer({ data: { __schema: {} } });
  noteAnswer({ data: {} });
  noteAnswer({ errors: [{ message: 'Not yours.', extensions: { code: 'FORBIDDEN' } }] });
  expect(notice.get()).toBeNull();
});

it('says what it means that the server keeps its schema', () => {
  noteSchemaAnswer({ errors: [{ message: 'Introspection is switched off here.' }] });
  expect(notice.get()).toContain('keeps its schema to itself');
});

it('says in the words of the server why else there is none', () => {
  noteSchemaAnswer({ errors: [{ message: 'Something went wrong on our side.' }] });
  expect(notice.get()).toBe('The schema could not be read. Something went wrong on our side.');
});

it('takes that back when it is read in the end, and nothing else', () => {
  noteSchemaAnswer({ errors: [{ message: 'Too much too fast.' }] });
  noteSchemaAnswer({ data: { __schema: {} } });
  expect(notice.get()).toBeNull();
  notice.set('Something else.');
  noteSchemaAnswer({ data: { __schema: {} } });
  expect(notice.get()).toBe('Something else.');
});

it('says that only registered operations are run', () => {
  const message = 'Only operations that were written down are answered: send the documentId of one of them.';
  noteAnswer({ errors: [{ message, extensions: { code: 'FORBIDDEN' } }] });
  expect(notice.get()).toContain('only operations that its own clients have registered');
});
