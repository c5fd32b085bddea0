import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { UnitOfWork } from '../database/unit-of-work.js';
import { addMethodMetadata, decoratedMethods } from '../lib/decorated-methods.js';

// oxlint-disable-next-line typescript/no-explicit-any -- any class may be an event, whatever it is made from
type EventClass<E = object> = abstract new (...parameters: any[]) => E;
type Handler = (event: object) => unknown;

const PHASES = ['within transaction', 'after commit'] as const;
type Phase = (typeof PHASES)[number];

const SUBSCRIPTION = Symbol('subscription');

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

const subscribe = (phase: Phase, events: EventClass[]): MethodDecorator =>
  addMethodMetadata(SUBSCRIPTION, ...events.map((event) => ({ event, phase })));

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
    const methods = decoratedMethods<Subscription>(SUBSCRIPTION, this.discovery, this.scanner);
    for (const { metadata, name, call } of methods) {
      this.subscribers[metadata.phase].push({ event: metadata.event, name, handle: call });
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
}
