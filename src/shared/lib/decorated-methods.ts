import { DiscoveryService, MetadataScanner } from '@nestjs/core';

/** A method of a provider that carries a decorator. */
export interface DecoratedMethod<Metadata> {
  readonly metadata: Metadata;
  /** `QuotasRepository.expired`, for the log. */
  readonly name: string;
  readonly call: (...parameters: unknown[]) => unknown;
}

/** Adds to what the decorators of this key say about a method; one method may carry several. */
export function addMethodMetadata(key: symbol, ...metadata: object[]): MethodDecorator {
  return (_target, _name, descriptor) => {
    const method = descriptor.value as object;
    const known = (Reflect.getMetadata(key, method) ?? []) as object[];
    Reflect.defineMetadata(key, [...known, ...metadata], method);
  };
}

/** All methods of the application's providers that `addMethodMetadata` was used on with this key. */
export function decoratedMethods<Metadata extends object>(
  key: symbol,
  discovery: DiscoveryService,
  scanner: MetadataScanner,
): DecoratedMethod<Metadata>[] {
  const instances = new Set<unknown>(discovery.getProviders().map(({ instance }) => instance as unknown));
  return [...instances].flatMap((instance) =>
    typeof instance === 'object' && instance !== null ? methodsOf<Metadata>(instance, key, scanner) : [],
  );
}

function methodsOf<Metadata>(
  instance: object,
  key: symbol,
  scanner: MetadataScanner,
): DecoratedMethod<Metadata>[] {
  const names = scanner.getAllMethodNames(Object.getPrototypeOf(instance) as object);
  return names.flatMap((name) => {
    const method: unknown = (instance as Record<string, unknown>)[name];
    if (typeof method !== 'function') return [];
    const found = (Reflect.getMetadata(key, method) ?? []) as Metadata[];
    const call = (...parameters: unknown[]): unknown => method.apply(instance, parameters) as unknown;
    return found.map((metadata) => ({ metadata, name: `${instance.constructor.name}.${name}`, call }));
  });
}
