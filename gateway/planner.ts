import { operationFromDocument, type Schema } from '@apollo/federation-internals';
import {
  buildOperationContext,
  executeQueryPlan,
  type ApolloGateway,
  type GraphQLDataSource,
} from '@apollo/gateway';
import type { DocumentNode, ExecutionResult, FormattedExecutionResult, GraphQLSchema } from 'graphql';
import { createLog } from '../platform/process/log.ts';
import type { SubgraphOperation } from '../subgraphs/executor.ts';
import type { Call } from './source.ts';

/** How a subscription is run: one subgraph has its events, and each event is completed by the others. */
export interface SubscriptionPlan {
  /** The subgraph that is subscribed to. */
  subgraph: string;
  /** What it is asked, with those of the client's variables that occur in it. */
  primary(variables: Record<string, unknown>): SubgraphOperation;
  /** Completes one event of the primary, which it may change. Rejects never; its errors are Apollo's. */
  complete(
    event: FormattedExecutionResult,
    variables: Record<string, unknown>,
    call: Call,
  ): Promise<ExecutionResult>;
}

export type QueryPlan = Parameters<typeof executeQueryPlan>[0];
export type PlanNode = NonNullable<QueryPlan['node']>;

/** What `ApolloGateway` knows and TypeScript hides: nothing else of ours may look. The contract has a test. */
interface Hidden {
  queryPlanner: { buildQueryPlan(operation: ReturnType<typeof operationFromDocument>): QueryPlan };
  apiSchema: Schema;
  supergraphSchema: GraphQLSchema;
}

const log = createLog('gateway');

/** What is fetched from which subgraph after what, as Apollo runs it. */
export function planOf(
  gateway: ApolloGateway,
  document: DocumentNode,
  operationName: string | undefined,
): QueryPlan {
  const { queryPlanner, apiSchema } = gateway as unknown as Hidden;
  return queryPlanner.buildQueryPlan(
    operationFromDocument(apiSchema, document, operationName === undefined ? {} : { operationName }),
  );
}

export function planSubscription(
  gateway: ApolloGateway,
  sources: Record<string, GraphQLDataSource>,
  document: DocumentNode,
  operationName: string | undefined,
): SubscriptionPlan {
  const { apiSchema, supergraphSchema } = gateway as unknown as Hidden;
  const { schema } = gateway;
  if (schema === undefined) throw new Error('The supergraph is not loaded.');
  const { node } = planOf(gateway, document, operationName);
  if (node?.kind !== 'Subscription') throw new Error('This operation is not planned as a subscription.');
  const { primary, rest } = node;
  const source = sources[primary.serviceName];
  if (source === undefined) throw new Error(`There is no subgraph ${primary.serviceName}.`);

  // Executed as a query whose first answer is there already: Apollo refuses to execute a subscription.
  const first: PlanNode = { ...primary, operationKind: 'query' as typeof primary.operationKind };
  const plan: QueryPlan = {
    kind: 'QueryPlan',
    node: rest === undefined ? first : { kind: 'Sequence', nodes: [first, rest] },
  };
  const operationContext = buildOperationContext({
    schema,
    operationDocument: document,
    ...(operationName !== undefined && { operationName }),
  });

  return {
    subgraph: primary.serviceName,
    primary: (variables) => ({
      query: primary.operation,
      operationName: primary.operationName,
      variables: Object.fromEntries(
        (primary.variableUsages ?? []).flatMap((name) =>
          Object.hasOwn(variables, name) ? [[name, variables[name]]] : [],
        ),
      ),
    }),
    complete: (event, variables, call) => {
      let asked = false;
      const answered: GraphQLDataSource = {
        process: (options) => {
          if (asked) return source.process(options);
          asked = true;
          return Promise.resolve(event);
        },
      };
      return executeQueryPlan(
        plan,
        { ...sources, [primary.serviceName]: answered },
        { request: { variables }, context: call, metrics: {}, logger: log } as unknown as Parameters<
          typeof executeQueryPlan
        >[2],
        operationContext,
        supergraphSchema,
        apiSchema,
      );
    },
  };
}
