import { generate } from './generated.ts';
import { step } from './steps.ts';

try {
  await step(
    'generate',
    () => generate({ all: true }),
    (written) => written.join(', ') || 'nothing has changed',
  );
} catch (err) {
  // A generator's own words; where in our code they arrived tells nothing.
  console.error(err instanceof Error ? err.message : err);
  process.exitCode = 1;
}
