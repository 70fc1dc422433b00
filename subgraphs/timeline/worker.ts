import { runWorker } from '../process.ts';
import { startTimelineWorker } from './timeline-worker.ts';

runWorker('timeline', startTimelineWorker);
