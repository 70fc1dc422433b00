import type { IHeaders, KafkaMessage, Message } from 'kafkajs';

/** An event on its way: what Kafka carries beside the bytes of its data. */
export interface Envelope {
  /** The same on every redelivery. */
  id: string;
  /** With its version: `TweetPosted.v1`. */
  name: string;
  key: string;
  /** When the fact was written, in ms since 1970, by the clock of Postgres. */
  occurredAtMs: number;
  payload: Buffer;
}

export const toMessage = ({ id, name, key, occurredAtMs, payload }: Envelope): Message => ({
  key,
  value: payload,
  headers: { 'event-id': id, 'event-name': name, 'occurred-at': String(occurredAtMs) },
});

/** What is missing in a message of unknown origin is empty or 0. */
export const toEnvelope = ({ key, value, headers }: KafkaMessage): Envelope => ({
  id: header(headers, 'event-id'),
  name: header(headers, 'event-name'),
  key: key?.toString() ?? '',
  occurredAtMs: Number(header(headers, 'occurred-at')),
  payload: value ?? Buffer.alloc(0),
});

/** A header as text; empty when it is missing. Of several with one name the first counts. */
export function header(headers: IHeaders | undefined, name: string): string {
  const value = headers?.[name];
  return (Array.isArray(value) ? value[0] : value)?.toString() ?? '';
}
