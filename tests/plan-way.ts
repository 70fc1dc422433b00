import type { PlanNode, QueryPlan } from '../gateway/planner.ts';

/** How far an operation goes. */
export interface Way {
  /** As planned. */
  fetches: number;
  /** The same, counted once per stage and subgraph. */
  calls: number;
  /** One after another. */
  hops: number;
  /** `timeline → tweet, user → user ×5`: the stages, and how many fetches each sends to whom. */
  path: string;
}

export function wayOf({ node }: QueryPlan): Way {
  const stages: Map<string, number>[] = [];
  const hops = walk(node, 0, (subgraph, stage) => {
    const fetches = (stages[stage] ??= new Map<string, number>());
    fetches.set(subgraph, (fetches.get(subgraph) ?? 0) + 1);
  });
  const counts = stages.flatMap((stage) => [...stage.values()]);
  return {
    fetches: counts.reduce((sum, count) => sum + count, 0),
    calls: counts.length,
    hops,
    path: stages
      .map((stage) =>
        [...stage]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, count]) => (count === 1 ? name : `${name} ×${count}`))
          .join(', '),
      )
      .join(' → '),
  };
}

/** Says at which stage each fetch begins, and returns how many stages there are below the node. */
function walk(
  node: PlanNode | undefined,
  stage: number,
  fetch: (subgraph: string, stage: number) => void,
): number {
  if (node === undefined) return 0;
  const longest = (nodes: (PlanNode | undefined)[]) =>
    Math.max(0, ...nodes.map((inner) => walk(inner, stage, fetch)));
  switch (node.kind) {
    case 'Fetch':
      fetch(node.serviceName, stage);
      return 1;
    case 'Sequence':
      return node.nodes.reduce((passed, inner) => passed + walk(inner, stage + passed, fetch), 0);
    case 'Parallel':
      return longest(node.nodes);
    case 'Flatten':
      return walk(node.node, stage, fetch);
    case 'Condition':
      return longest([node.ifClause, node.elseClause]);
    case 'Subscription': {
      const passed = walk(node.primary, stage, fetch);
      return passed + walk(node.rest, stage + passed, fetch);
    }
    case 'Defer':
      throw new Error('Answers in parts are not asked for.');
  }
}
