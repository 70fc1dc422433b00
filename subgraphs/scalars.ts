import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const refuse = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

/** A scalar that is text outside, checked by `read`, which throws for what it does not take. */
const textScalar = <T>(name: string, read: (text: string) => T, write: (value: unknown) => string) =>
  new GraphQLScalarType<T, string>({
    name,
    serialize: write,
    parseValue: (value) => {
      if (typeof value !== 'string') throw refuse(`${name} is written as text.`);
      return read(value);
    },
    parseLiteral: (node) => {
      if (node.kind !== Kind.STRING) throw refuse(`${name} is written as text.`);
      return read(node.value);
    },
  });

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** `Date` takes the 30th of February for the 2nd of March. */
const isDay = (day: string): boolean => new Date(day).toISOString().startsWith(day);

/** RFC 3339 in UTC with milliseconds outside, `Date` inside. */
export const DateTime = textScalar(
  'DateTime',
  (text) => {
    const moment = new Date(text);
    if (!RFC_3339.test(text) || Number.isNaN(moment.getTime()) || !isDay(text.slice(0, 10))) {
      throw refuse('A DateTime looks like 2026-11-21T18:20:00.000Z.');
    }
    return moment;
  },
  (value) => (value as Date).toISOString(),
);

const LONGEST_URL = 2000;

/** An absolute `https` or `http` address as it is kept: safe to put into a link. Null when the text is none. */
export function readUrl(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isSafe = url !== null && ['https:', 'http:'].includes(url.protocol) && url.href.length <= LONGEST_URL;
  return isSafe ? url.href : null;
}

/** What comes in is only text: whoever keeps it asks `readUrl`, so that the refusal names the field of a form. */
export const URLScalar = textScalar('URL', (text) => text, String);

/** A language tag of BCP 47, such as `en` or `pt-BR`. */
export const Language = textScalar(
  'Language',
  (text) => {
    try {
      return new Intl.Locale(text).toString();
    } catch {
      throw refuse('A Language is a tag such as en or pt-BR.');
    }
  },
  String,
);
