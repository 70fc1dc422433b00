import { expect, it } from '@jest/globals';
import { noticeOf } from './schema-notice.ts';

const refused = (message: string) => noticeOf({ errors: [{ message }] });

it('says nothing while there is a schema', () => {
  expect(noticeOf({ data: { __schema: {} } })).toBeNull();
});

it('says what it means that the server shows no schema', () => {
  expect(refused('Introspection is switched off.')).toContain('keeps its schema to itself');
  expect(refused('Only persisted operations are run here.')).toContain('its own clients have registered');
  expect(refused('Something went wrong on our side.')).toBe(
    'The schema could not be read. Something went wrong on our side.',
  );
});
