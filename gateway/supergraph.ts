import './no-telemetry.ts';
import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { createLog } from '../platform/process/log.ts';
import { readCostDirectives, type CostDirectives } from './cost-directives.ts';
import { withKnownViewer } from './known-viewer.ts';
import { withLostFields } from './lost-fields.ts';
import { createMergedFetches } from './merged-fetches.ts';
import { planSubscription, type SubscriptionPlan } from './planner.ts';
import type { Call, SubgraphSource } from './source.ts';

/** A composed supergraph that can be asked. Apollo plans and executes; how a subgraph is reached is ours. */
export interface Supergraph {
  /** For `ApolloServer`: runs queries and mutations, with a `Call` as their context. */
  readonly gateway: ApolloGateway;
  /** Of the subgraphs that it has, as of now. */
  readonly sources: ReadonlyMap<string, SubgraphSource>;
  /** What clients see, as of now. */
  schema(): GraphQLSchema;
  /** What it declares of costs, as of now. */
  costDirectives(): CostDirectives;
  /** @param document is valid, and its operation a subscription. Plans live as long as their documents. */
  planSubscription(document: DocumentNode, operationName: string | undefined): SubscriptionPlan;
  /** Takes effect for operations that begin later. Throws when it is no supergraph; then the old one stays. */
  swap(supergraphSdl: string): void;
  /** Lets go of all subgraphs that it ever had: streams may have outlived a swap. */
  close(): Promise<void>;
}

/** Called once per subgraph of the supergraph, with its name and the address in it. */
export type SourceFor = (subgraph: { name: string; url: string }) => SubgraphSource;

/** The one subgraph that may set cookies. */
const KEEPER_OF_SESSIONS = 'user';

/**
 * Ways to run an operation that are weighed against one another. By default 10,000, which fifty times `viewer` reached in
 * 3.9 s; with this it took 0.1 s, and the operations of our clients are planned alike.
 */
const PLANS_COMPARED = 200;

export function createSupergraph(supergraphSdl: string, sourceFor: SourceFor): Supergraph {
  const sources = new Map<string, SubgraphSource>();
  const everMade: SubgraphSource[] = [];
  let names: ReadonlySet<string> = new Set();
  let update: ((sdl: string) => void) | undefined;
  const gateway = new ApolloGateway({
    supergraphSdl: (hooks) => {
      update = hooks.update;
      return Promise.resolve({ supergraphSdl });
    },
    buildService: ({ name, url = '' }) => {
      const source = sourceFor({ name, url });
      sources.set(name, source);
      everMade.push(source);
      return dataSourceOf(name, source);
    },
    logger: createLog('gateway').child({}, { level: 'warn' }),
    queryPlannerConfig: { debug: { maxEvaluatedPlans: PLANS_COMPARED } },
    // Otherwise a header makes it show its plans, which name subgraphs.
    __exposeQueryPlanExperimental: false,
  });
  let costDirectives: CostDirectives = { weights: new Map(), listSizes: new Map() };
  gateway.onSchemaLoadOrUpdate(({ coreSupergraphSdl }) => {
    costDirectives = readCostDirectives(coreSupergraphSdl);
    names = subgraphsIn(coreSupergraphSdl);
  });
  const plans = new WeakMap<DocumentNode, Map<string | undefined, SubscriptionPlan>>();
  return {
    gateway,
    get sources() {
      return new Map([...sources].filter(([name]) => names.has(name)));
    },
    schema: () => {
      if (gateway.schema === undefined) throw new Error('The supergraph is not loaded.');
      return gateway.schema;
    },
    costDirectives: () => costDirectives,
    planSubscription: (document, operationName) => {
      const known = plans.get(document) ?? new Map<string | undefined, SubscriptionPlan>();
      plans.set(document, known);
      const plan =
        known.get(operationName) ?? planSubscription(gateway, dataSources(sources), document, operationName);
      known.set(operationName, plan);
      return plan;
    },
    swap: (sdl) => update?.(sdl),
    close: async () => {
      await Promise.all(everMade.map((source) => source.close()));
    },
  };
}

const subgraphsIn = (supergraphSdl: string): Set<string> =>
  new Set([...supergraphSdl.matchAll(/@join__graph\(name: "([^"]+)"/g)].map(([, name = '']) => name));

const dataSources = (sources: ReadonlyMap<string, SubgraphSource>): Record<string, GraphQLDataSource> =>
  Object.fromEntries([...sources].map(([name, source]) => [name, dataSourceOf(name, source)]));

function dataSourceOf(name: string, source: SubgraphSource): GraphQLDataSource {
  const merged = createMergedFetches();
  return {
    process: async ({ request: { query = '', operationName, variables }, context }) => {
      const call = context as Call;
      const { caller, signal } = call;
      const setCookie = name === KEEPER_OF_SESSIONS ? call.setCookie : () => undefined;
      const answer = await merged(call, { query, operationName, variables }, (operation) =>
        source.execute(operation, { caller, signal, setCookie }),
      );
      return withLostFields(query, variables ?? {}, withKnownViewer(query, answer, caller.viewer));
    },
  };
}
