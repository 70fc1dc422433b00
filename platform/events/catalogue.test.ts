import { describe, expect, it } from '@jest/globals';
import { topics } from '../messaging/topics.ts';
import { catalogue } from './catalogue.ts';
import { nameOf, parseSchema, readSchemas } from './schemas.ts';

describe('the catalogue', () => {
  it('has an event for every schema, and a topic for every event', () => {
    expect(catalogue.map(({ name }) => name).toSorted()).toEqual(readSchemas().map(nameOf).toSorted());
    expect(Object.keys(topics)).toEqual(expect.arrayContaining(catalogue.map(({ topic }) => topic)));
  });

  it.each(readSchemas().map((schema) => [nameOf(schema), schema] as const))(
    'says of %s what it was told',
    (name, schema) => {
      const event = catalogue.find((candidate) => candidate.name === name);
      for (let sample = 0; sample < 20; sample++) {
        const data: unknown = parseSchema(schema).random();
        const said = event?.decode(event.encode(data as never));
        expect({ ...said }).toEqual({ ...(data as object) });
      }
    },
  );
});
