/**
 * Text that a person typed, made fit to store: NFC, so that what looks the same is the same; one kind of line end; no
 * tabs; no space around it. Empty when nothing in it can be seen: whether that is allowed is its field's to say.
 */
export type PlainText =
  { type: 'text'; text: string } | { type: 'refused'; constraint: 'TOO_LONG' | 'MALFORMED' };

/**
 * Refused before anything looks closer, in UTF-16 units: normalising and twitter-text's expressions take quadratic time
 * on hostile text (80 ms for the worst of 2,000 found, 2 s for 10,000). Leaves room for 280 characters and a long link.
 */
export const MAX_UNITS = 2000;

/**
 * `MALFORMED` for NUL and other control characters, for halves of surrogate pairs, which UTF-8 cannot write, and for
 * the noncharacters that twitter-text refuses too. `TOO_LONG` only above `MAX_UNITS`; a field's own limit is its own.
 */
export function plainText(input: string): PlainText {
  if (input.length > MAX_UNITS) return { type: 'refused', constraint: 'TOO_LONG' };
  const text = input.replaceAll('\r\n', '\n').replaceAll('\t', ' ').normalize('NFC');
  if (MALFORMED.test(text)) return { type: 'refused', constraint: 'MALFORMED' };
  return { type: 'text', text: UNSEEN.test(text) ? '' : text.trim() };
}

const MALFORMED = /[^\P{Cc}\n]|\p{Cs}|[\uFEFF\uFFFE\uFFFF]/u;

/** Joiners and zero-width spaces fill a text and show nothing. */
const UNSEEN = /^[\s\p{Default_Ignorable_Code_Point}]*$/u;
