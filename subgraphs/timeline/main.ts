import { runSubgraph } from '../process.ts';
import { startTimelineSubgraph } from './timeline-subgraph.ts';

runSubgraph({ name: 'timeline', port: 4104, start: startTimelineSubgraph });
