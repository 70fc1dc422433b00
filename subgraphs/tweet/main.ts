import { runSubgraph } from '../process.ts';
import { startTweetSubgraph } from './tweet-subgraph.ts';

runSubgraph({ name: 'tweet', port: 4102, start: startTweetSubgraph });
