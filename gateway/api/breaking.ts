import { ChangeType, CriticalityLevel, diff, type Change } from '@graphql-inspector/core';
import type { GraphQLSchema } from 'graphql';
import { removableOn } from './deprecations.ts';

/** A change of the API that takes something from clients. */
export interface Breaking {
  /** Who mentions this is touched: a type, `Type.field`, `Type.field.argument` or `Enum.VALUE`. */
  touched: string;
  /** What changed, what it does to clients, and what to do instead: three sentences or so. */
  sentence: string;
}

const removal =
  'Put it back and deprecate it with what to use instead and a day, as @deprecated(reason: "Use `Type.other`. Goes on 2030-01-31."): from that day on it may go.';
const other = 'Leave it as it was, and offer the new one beside it under another name.';

interface Remedy {
  does: string;
  instead: string;
  /** Whoever mentions what the path is a part of is touched: they would have to give it, or may get it. */
  touches?: 'parent';
}

/** What the changes that inspector calls breaking, and two that it does not, mean for people. */
const remedies: Record<string, Remedy> = {
  [ChangeType.FieldRemoved]: { does: 'Operations that ask for it are refused whole.', instead: removal },
  [ChangeType.FieldArgumentRemoved]: { does: 'Operations that give it are refused whole.', instead: removal },
  [ChangeType.InputFieldRemoved]: { does: 'Inputs that have it are refused.', instead: removal },
  [ChangeType.EnumValueRemoved]: {
    does: 'Clients that send it are refused.',
    instead: removal,
    touches: 'parent',
  },
  [ChangeType.TypeRemoved]: {
    does: 'Fragments and variables of it are refused.',
    instead: `${removal} What leads to the type is what to deprecate.`,
  },
  [ChangeType.UnionMemberRemoved]: {
    does: 'Fragments on it are refused.',
    instead: 'Leave it among the members; it need not occur.',
    touches: 'parent',
  },
  [ChangeType.ObjectTypeInterfaceRemoved]: {
    does: 'Fragments on the interface are refused.',
    instead: 'Leave the interface.',
    touches: 'parent',
  },
  [ChangeType.FieldTypeChanged]: { does: 'Clients get something else than their types say.', instead: other },
  [ChangeType.FieldArgumentTypeChanged]: { does: 'Variables of the old type are refused.', instead: other },
  [ChangeType.InputFieldTypeChanged]: {
    does: 'Inputs of the old type are refused.',
    instead: other,
    touches: 'parent',
  },
  [ChangeType.TypeKindChanged]: { does: 'Selections and variables of it are refused.', instead: other },
  [ChangeType.FieldArgumentAdded]: {
    does: 'Operations that do not give it are refused.',
    instead: 'Make it nullable, or give it a default.',
    touches: 'parent',
  },
  [ChangeType.InputFieldAdded]: {
    does: 'Inputs without it are refused.',
    instead: 'Make it nullable, or give it a default.',
    touches: 'parent',
  },
  [ChangeType.FieldArgumentDefaultChanged]: {
    does: 'Operations that leave it out get something else than before.',
    instead: 'Leave the default; whoever wants the other can say so.',
    touches: 'parent',
  },
  [ChangeType.InputFieldDefaultValueChanged]: {
    does: 'Inputs that leave it out mean something else than before.',
    instead: 'Leave the default; whoever wants the other can say so.',
    touches: 'parent',
  },
};

const UNFORESEEN: Remedy = { does: 'Clients are refused, or get something else.', instead: other };

/**
 * What is taken from clients that were written for the released API. What was deprecated there, and whose day has come,
 * may go. Clients are told to expect fields, values and types that they do not know, so additions break nothing.
 * @param today as `2030-01-31`.
 */
export async function breakingChanges(
  released: GraphQLSchema,
  next: GraphQLSchema,
  today: string,
): Promise<Breaking[]> {
  const removable = removableOn(released, today);
  const changes = await diff(released, next);
  return changes
    .filter((change) => breaks(change) && !removable.has(change.path ?? ''))
    .map(({ type, path = '', message }) => {
      const { does, instead, touches = 'path' } = remedies[String(type)] ?? UNFORESEEN;
      return {
        touched: touches === 'path' ? path : path.slice(0, Math.max(0, path.lastIndexOf('.'))) || path,
        sentence: `${message.replaceAll("'", '`')}. ${does} ${instead}`,
      };
    });
}

const breaks = ({ type, criticality }: Change): boolean =>
  criticality.level === CriticalityLevel.Breaking ||
  type === ChangeType.FieldArgumentDefaultChanged ||
  type === ChangeType.InputFieldDefaultValueChanged;
