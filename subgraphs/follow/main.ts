import { runSubgraph } from '../process.ts';
import { startFollowSubgraph } from './follow-subgraph.ts';

runSubgraph({ name: 'follow', port: 4103, start: startFollowSubgraph });
