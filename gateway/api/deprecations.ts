import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  type GraphQLSchema,
} from 'graphql';

/** A field, argument, input field or enum value. */
interface Element {
  /** As `Type.field`, `Type.field.argument`, `Enum.VALUE`. */
  path: string;
  /** Null while it is not deprecated. */
  reason: string | null;
  /** The named type that it gives or takes; null for an enum value. */
  leadsTo: string | null;
}

/**
 * What may be taken away on a day (`2030-01-31`): what is deprecated until then at most, and the types that nothing
 * else leads to.
 */
export function removableOn(schema: GraphQLSchema, today: string): ReadonlySet<string> {
  const elements = elementsOf(schema);
  const isDue = ({ reason }: Element) => reason !== null && (dayIn(reason) ?? '9999') <= today;
  const kept = new Set(elements.filter((element) => !isDue(element)).map(({ leadsTo }) => leadsTo));
  const due = elements.filter(isDue);
  const types = due.flatMap(({ leadsTo }) => (leadsTo === null || kept.has(leadsTo) ? [] : [leadsTo]));
  return new Set([...due.map(({ path }) => path), ...types]);
}

/** A sentence for each deprecation that does not say what to use instead, or until when it stays. */
export function vagueDeprecations(schema: GraphQLSchema): string[] {
  const elements = elementsOf(schema);
  const known = new Set([...elements.map(({ path }) => path), ...Object.keys(schema.getTypeMap())]);
  return elements.flatMap(({ path, reason }) => {
    if (reason === null) return [];
    const [, replacement] = /`([\w.]+)`/.exec(reason) ?? [];
    const faults = [
      ...(replacement === undefined ? ['what to use instead, as `Type.field`'] : []),
      ...(replacement !== undefined && !known.has(replacement)
        ? [`something that exists, which ${replacement} does not`]
        : []),
      ...(dayIn(reason) === null ? ['the day on which it goes, as 2030-01-31'] : []),
    ];
    return faults.length === 0
      ? []
      : [`${path} is deprecated, and its reason has to name ${faults.join(' and ')}.`];
  });
}

/** The day in a reason, as `2030-01-31`; null when there is none that exists. */
function dayIn(reason: string): string | null {
  const [, day] = /\b(\d{4}-\d{2}-\d{2})\b/.exec(reason) ?? [];
  return day === undefined || Number.isNaN(Date.parse(day)) ? null : day;
}

function elementsOf(schema: GraphQLSchema): Element[] {
  const elements: Element[] = [];
  const add = (
    path: string,
    { deprecationReason }: { deprecationReason?: string | null | undefined },
    leadsTo: string | null,
  ) => elements.push({ path, reason: deprecationReason ?? null, leadsTo });
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    if (isEnumType(type))
      for (const value of type.getValues()) add(`${type.name}.${value.name}`, value, null);
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields()))
        add(`${type.name}.${field.name}`, field, getNamedType(field.type).name);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      add(`${type.name}.${field.name}`, field, getNamedType(field.type).name);
      for (const argument of field.args)
        add(`${type.name}.${field.name}.${argument.name}`, argument, getNamedType(argument.type).name);
    }
  }
  return elements;
}
