import { describe, expect, it } from '@jest/globals';
import type { EventDefinition } from './define-event.ts';
import { nameOf, parseSchema, readSchemas, type Schema } from './schemas.ts';

/** What the file of a schema declares: `TweetPosted` of `tweet-posted.ts`. */
const eventOf = async ({ name }: Schema): Promise<EventDefinition<unknown> | undefined> => {
  const file = name.replace(/\B[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
  const declared = (await import(`./${file}.ts`)) as Partial<Record<string, EventDefinition<unknown>>>;
  return declared[name];
};

describe.each(readSchemas().map((schema) => [nameOf(schema), schema] as const))('%s', (name, schema) => {
  it('is declared beside its schema, and says what it was told', async () => {
    const event = await eventOf(schema);
    expect(event?.name).toBe(name);
    for (let sample = 0; sample < 20; sample++) {
      const data: unknown = parseSchema(schema).random();
      const said = event?.decode(event.encode(data));
      expect({ ...(said as object) }).toEqual({ ...(data as object) });
    }
  });
});
