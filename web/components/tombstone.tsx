import { EyeOff } from 'lucide-react';

/** Stands where a tweet is not to be seen. Why is not told. */
export const Tombstone = () => (
  <div className="tomb">
    <EyeOff strokeWidth={1.75} aria-hidden="true" />
    This tweet can’t be seen.
  </div>
);
