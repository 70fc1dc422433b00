import { HeaderMap, type ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, OperationTypeNode } from 'graphql';
import { costOfText, headersOf, overBudget, type Charges } from './charges.ts';
import type { Spending } from './budget.ts';
import type { Documents } from './documents.ts';
import { outgoingError, withStatus } from './errors.ts';
import { checkVariables } from './limits.ts';
import { observeOperation } from './metrics.ts';
import type { RecentWriters } from './recent-writers.ts';
import type { Call } from './source.ts';

// What we have Apollo's pipeline do with each operation, in this order.

/** Answers what cannot be run, before Apollo would try, and takes the cost of what can. */
export const checks = (documents: Documents, charges: Charges): ApolloServerPlugin<Call> => ({
  requestDidStart: async () => {
    let spending: Spending | undefined;
    let isNew = false;
    /** Empty for what can be run. */
    let faults: readonly GraphQLError[] = [];
    return {
      didResolveSource: async ({ source }) => {
        ({ isNew, errors: faults } = documents.read(source));
      },
      didResolveOperation: async ({ source, document, operation, contextValue, request, metrics }) => {
        const { caller, paid } = contextValue;
        if (operation === undefined && faults.length === 0)
          throw badRequest(
            request.operationName === undefined
              ? 'Say in `operationName` which of the operations is meant.'
              : `There is no operation named "${request.operationName}".`,
          );
        if (operation?.operation === OperationTypeNode.SUBSCRIPTION)
          throw badRequest('Subscriptions are answered over WebSocket, at the same address.');
        const variables = request.variables ?? {};
        if (operation === undefined) {
          spending = await charges.unusable(caller, source);
        } else {
          try {
            checkVariables(variables);
            const kept = metrics.persistedQueryRegister === true ? costOfText(source) : 0;
            const read = isNew ? costOfText(source) : 0;
            spending =
              paid ?? (await charges.operation(caller, document, operation, variables, { read, kept }));
            // What is paid for was looked at before.
            if (paid === undefined) faults = documents.faultsIn(operation, variables);
          } catch (err) {
            throw err instanceof GraphQLError ? withStatus(err, 400) : err;
          }
        }
        if (!spending.isAllowed) throw overBudget(spending);
      },
      responseForOperation: async () => {
        if (faults.length === 0) return null;
        const status = faults.some(({ extensions }) => extensions['code'] === 'FORBIDDEN') ? 403 : 400;
        return {
          http: { status, headers: new HeaderMap() },
          body: { kind: 'single', singleResult: { errors: faults.map((error) => outgoingError(error)) } },
        };
      },
      willSendResponse: async ({ source, contextValue, response: { body, http } }) => {
        // Refused for something else than its text, which was read all the same.
        if (isNew && source !== undefined) spending ??= await charges.unusable(contextValue.caller, source);
        if (spending === undefined || body.kind !== 'single') return;
        body.singleResult.extensions = { ...body.singleResult.extensions, cost: spending.notice };
        for (const [name, value] of headersOf(spending.notice, !spending.isAllowed))
          http.headers.set(name, value);
      },
    };
  },
});

/** From a mutation on, also for its own answer, its session reads what it wrote. */
export const writes = (recentWriters: RecentWriters): ApolloServerPlugin<Call> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, contextValue }) => {
      if (operation?.operation !== OperationTypeNode.MUTATION) return;
      const { caller } = contextValue;
      contextValue.caller = { ...caller, readsOwnWrites: true };
    },
    willSendResponse: async ({ operation, contextValue }) => {
      const sessionId = contextValue.caller.viewer?.sessionId;
      if (operation?.operation === OperationTypeNode.MUTATION && sessionId !== undefined)
        recentWriters.note(sessionId);
    },
  }),
});

export const observations: ApolloServerPlugin<Call> = {
  requestDidStart: async () => {
    const began = performance.now();
    return {
      willSendResponse: async ({ operation, response: { body } }) => {
        const failed = body.kind === 'single' && (body.singleResult.errors?.length ?? 0) > 0;
        observeOperation(operation?.operation ?? 'unknown', failed, performance.now() - began);
      },
    };
  },
};

const badRequest = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
