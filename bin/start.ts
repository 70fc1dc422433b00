import { runProcess } from '../platform/process/run.ts';
import { parseFlags } from './flags.ts';
import { launch, launchFlags, stopGraceMs } from './launch.ts';

const flags = parseFlags(launchFlags);

runProcess('roost', (env, stopping) => launch(flags, env, stopping), { stopGraceMs });
