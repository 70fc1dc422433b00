import { check } from './checks.ts';
import { seconds } from './steps.ts';

const began = performance.now();
const { passed, failed } = await check();
console.log(
  `\n${failed === 0 ? 'All is well' : 'Not well'}, after ${seconds(performance.now() - began)}; ${passed} unit tests passed.`,
);
process.exitCode = failed === 0 ? 0 : 1;
