import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { UnitOfWork } from '../database/unit-of-work.js';

// oxlint-disable-next-line typescript/no-explicit-any -- any class may be an event, whatever it is made from
type EventClass<E = object> = abstract new (...parameters: any[]) => E;
type Handler = (event: object) => unknown;

const PHASES = ['within transaction', 'after commit'] as const;
type Phase = (typeof PHASES)[number];

const SUBSCRIPTIONS = Symbol('subscriptions');

interface Subscription {
  readonly event: EventClass;
  readonly phase: Phase;
}

interface Subscriber {
  readonly event: EventClass;
  /** `<class>.<method>` */
  readonly name: string;
  readonly handle: Handler;
}

function subscribe(phase: Phase, events: EventClass[]): MethodDecorator {
  return (_target, _name, descriptor) => {
    const method = descriptor.value as object;
    const known = (Reflect.getMetadata(SUBSCRIPTIONS, method) ?? []) as Subscription[];
    Reflect.defineMetadata(SUBSCRIPTIONS, [...known, ...events.map((event) => ({ event, phase }))], method);
  };
}

/**
 * Calls the method inside the transaction that publishes the event. What it writes commits together with the cause,
 * and when it throws, both are undone. For what must be true with the change: sessions end, codes are issued.
 */
export const WithinTransaction = (...events: EventClass[]): MethodDecorator =>
  subscribe('within transaction', events);

/**
 * Calls the method once the transaction is committed. Its failure is logged and changes nothing. For what only
 * reacts: metrics, waking a dispatcher, a projection of a team's own.
 */
export const AfterCommit = (...events: EventClass[]): MethodDecorator => subscribe('after commit', events);

/**
 * Publishes what happened to the providers that subscribed to it, in two phases. Who subscribes to a base class gets
 * all events that extend it.
 */
@Injectable()
export class DomainEvents implements OnModuleInit {
  private readonly subscribers: Record<Phase, Subscriber[]> = {
    'within transaction': [],
    'after commit': [],
  };

  constructor(
    private readonly db: UnitOfWork,
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (typeof instance !== 'object' || instance === null) continue;
      const methods = instance as Record<string, unknown>;
      for (const name of this.scanner.getAllMethodNames(Object.getPrototypeOf(instance) as object)) {
        this.register(methods, name);
      }
    }
  }

  /** Tells the subscribers. Needs an open unit of work: an event without its change would be a lie. */
  async publish(event: object): Promise<void> {
    if (!this.db.isOpen) throw new Error(`${event.constructor.name} was published outside a unit of work`);
    for (const { handle } of this.subscribersOf(event, 'within transaction')) await handle(event);
    for (const { handle } of this.subscribersOf(event, 'after commit')) {
      this.db.afterCommit(async () => {
        await handle(event);
      });
    }
  }

  /** Who is told of which event, in the order in which they are told. For the table in docs/architecture.md. */
  subscriptions(): (Subscription & Pick<Subscriber, 'name'>)[] {
    return PHASES.flatMap((phase) =>
      this.subscribers[phase].map(({ event, name }) => ({ event, phase, name })),
    );
  }

  private subscribersOf(published: object, phase: Phase): Subscriber[] {
    return this.subscribers[phase].filter(({ event }) => published instanceof event);
  }

  private register(instance: Record<string, unknown>, name: string): void {
    const method = instance[name];
    if (typeof method !== 'function') return;
    const subscriptions = (Reflect.getMetadata(SUBSCRIPTIONS, method) ?? []) as Subscription[];
    for (const { event, phase } of subscriptions) {
      this.subscribers[phase].push({
        event,
        name: `${instance.constructor.name}.${name}`,
        handle: (published) => (method as Handler).call(instance, published),
      });
    }
  }
}
