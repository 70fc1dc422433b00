import { runWorker } from '../process.ts';
import { startUserWorker } from './user-worker.ts';

runWorker('user', startUserWorker);
