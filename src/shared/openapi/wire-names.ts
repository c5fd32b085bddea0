import type { OpenAPIObject } from '@nestjs/swagger';
import { snakeCase } from '../lib/casing.js';

type Json = Record<string, unknown>;

/** The document with the names of the API: snake_case properties and query parameters, schemas without suffixes. */
export function useWireNames(document: OpenAPIObject): OpenAPIObject {
  const renamed = rename(document) as OpenAPIObject;
  const schemas = (renamed.components?.schemas ?? {}) as Record<string, Json>;
  renamed.components = {
    ...renamed.components,
    schemas: Object.fromEntries(
      Object.entries(schemas)
        .map(([name, schema]) => [schemaName(name), schema] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
  addExamples(renamed, renamed.components.schemas as unknown as Record<string, Json>);
  return renamed;
}

/** `UserResource` is shown as `User`, `CreateUserDto` as `CreateUser`. */
function schemaName(name: string): string {
  return name.replace(/(?:Dto|Resource)$/, '');
}

function rename(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rename);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const result: Json = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === 'properties' && typeof item === 'object' && item !== null) {
      result[key] = Object.fromEntries(
        Object.entries(item).map(([name, schema]) => [snakeCase(name), rename(schema)]),
      );
    } else if (key === 'required' && Array.isArray(item)) {
      result[key] = item.map((name: string) => snakeCase(name));
    } else if (key === '$ref' && typeof item === 'string' && item.startsWith('#/components/schemas/')) {
      result[key] = `#/components/schemas/${schemaName(item.slice('#/components/schemas/'.length))}`;
    } else {
      result[key] = rename(item);
    }
  }
  result['type'] = integerType(result['type']);
  // Ids go beyond 31 bits.
  if ([result['type']].flat().includes('integer')) result['format'] ??= 'int64';
  if (result['type'] === undefined) delete result['type'];
  if (result['in'] === 'query' && typeof result['name'] === 'string')
    result['name'] = snakeCase(result['name']);
  return result;
}

/** TypeScript has one type for numbers; all of ours are whole: ids, counts, seconds. */
function integerType(type: unknown): unknown {
  if (Array.isArray(type)) return type.map(integerType);
  return type === 'number' ? 'integer' : type;
}

/** Gives every JSON body and response without an example one that is composed of its properties' examples. */
function addExamples(value: unknown, schemas: Record<string, Json>): void {
  if (Array.isArray(value)) {
    for (const item of value) addExamples(item, schemas);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const json = (value as Json)['application/json'] as Json | undefined;
  if (json?.['schema'] && json['example'] === undefined && json['examples'] === undefined) {
    json['example'] = exampleOf(json['schema'] as Json, schemas);
  }
  for (const item of Object.values(value)) addExamples(item, schemas);
}

function exampleOf(schema: Json, schemas: Record<string, Json>): unknown {
  if (schema['example'] !== undefined) return schema['example'];
  const reference = schema['$ref'];
  if (typeof reference === 'string')
    return exampleOf(schemas[reference.split('/').at(-1) ?? ''] ?? {}, schemas);
  const [first] = (schema['anyOf'] ?? schema['allOf'] ?? schema['oneOf'] ?? []) as Json[];
  if (first) return exampleOf(first, schemas);
  if (schema['items']) return [exampleOf(schema['items'] as Json, schemas)];
  if (schema['properties']) {
    const properties = Object.entries(schema['properties'] as Record<string, Json>);
    return Object.fromEntries(properties.map(([name, property]) => [name, exampleOf(property, schemas)]));
  }
  return null;
}
