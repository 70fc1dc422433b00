import { invalid, type ValidationConstraint, type ValidationRefusal } from '../errors.ts';

/** A value that may be kept, or why not. */
export type Checked<T> = { value: T } | { error: ValidationRefusal };

export const refusalOf =
  (field: string) =>
  (constraint: ValidationConstraint, message: string, limit: number | null = null) => ({
    error: invalid([field], constraint, message, limit),
  });

export const tooLong = (field: string, noun: string, limit: number) =>
  refusalOf(field)('TOO_LONG', `${noun} has at most ${limit} characters.`, limit);
