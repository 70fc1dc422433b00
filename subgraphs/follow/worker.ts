import { runWorker } from '../process.ts';
import { startFollowWorker } from './follow-worker.ts';

runWorker('follow', startFollowWorker);
