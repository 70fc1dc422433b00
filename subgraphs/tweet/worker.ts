import { runWorker } from '../process.ts';
import { startTweetWorker } from './tweet-worker.ts';

runWorker('tweet', startTweetWorker);
