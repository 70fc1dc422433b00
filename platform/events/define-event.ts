import type { TopicName } from '../messaging/topics.ts';
import { fingerprint } from './fingerprint.ts';
import { nameOf, parseSchema, readHistory, type Schema } from './schemas.ts';

/** A fact that services tell one another. `T` is its data; ids in it are decimal strings. */
export interface EventDefinition<T> {
  /** With its version: `TweetPosted.v1`. */
  readonly name: string;
  readonly topic: TopicName;
  /** Events of one topic with the same key arrive in the order in which they were written. */
  key: (data: T) => string;
  /** Avro's single-object encoding. Throws when the data is not what the schema says. */
  encode(data: T): Buffer;
  /**
   * Reads what any accepted version of the schema wrote, as if this version had. Throws for anything else: bytes of
   * another event, or of a schema newer than this code.
   */
  decode(bytes: Buffer): T;
}

/** What an event carries: `EventData<typeof TweetPosted>`. */
export type EventData<E> = E extends EventDefinition<infer T> ? T : never;

export interface EventDeclaration<T> {
  /** Of the `.avsc` beside the event; `T` is the type that `generate.ts` made of it. */
  schema: Schema;
  topic: TopicName;
  key: (data: T) => string;
}

/** Avro's mark of a single-object encoding; the fingerprint of the writer's schema follows, then the data. */
const MARKER = Buffer.from([0xc3, 0x01]);
const HEADER_BYTES = MARKER.length + 8;

const history = readHistory();

export function defineEvent<T>({ schema, topic, key }: EventDeclaration<T>): EventDefinition<T> {
  const name = nameOf(schema);
  const reader = parseSchema(schema);
  const header = Buffer.concat([MARKER, fingerprint(reader)]);
  const readers = new Map(
    [...(history[name] ?? []), schema].map((written) => {
      const writer = parseSchema(written);
      const resolver = reader.createResolver(writer);
      return [
        fingerprint(writer).toString('hex'),
        (data: Buffer) => reader.fromBuffer(data, resolver) as T,
      ] as const;
    }),
  );
  return {
    name,
    topic,
    key,
    encode: (data) => Buffer.concat([header, reader.toBuffer(data)]),
    decode: (bytes) => {
      if (!bytes.subarray(0, MARKER.length).equals(MARKER)) throw new Error(`These bytes are no ${name}`);
      const writer = bytes.subarray(MARKER.length, HEADER_BYTES).toString('hex');
      const read = readers.get(writer);
      if (read === undefined) throw new Error(`No schema of ${name} has the fingerprint ${writer}`);
      return read(bytes.subarray(HEADER_BYTES));
    },
  };
}
