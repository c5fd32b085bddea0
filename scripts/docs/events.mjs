// Every event, and who is told of it in which phase and order.
import { table } from './markdown.mjs';
import { eventNames, linkTo, load } from './sources.mjs';

/** So many events of which the same are told are a sentence, not rows of the table. */
const MANY = 4;

export async function eventTable(app) {
  const subscriptions = app.get(await load('DomainEvents')).subscriptions();
  const groups = new Map();
  for (const name of eventNames(subscriptions.map(({ event }) => event.name))) {
    const event = await load(name);
    // As DomainEvents does: a subscription to a base class is one to all that extend it.
    const told = subscriptions.filter(
      ({ event: subscribed }) => event === subscribed || event.prototype instanceof subscribed,
    );
    const key = told.map(({ phase, name: listener }) => `${phase} ${listener}`).join();
    if (!groups.has(key)) groups.set(key, { told, events: [] });
    groups.get(key).events.push(name);
  }
  const all = [...groups.values()];
  const rows = all.filter(({ events }) => events.length < MANY).flatMap(rowsOf);
  const sentences = all.filter(({ events }) => events.length >= MANY).map(sentenceOf);
  return [table(['event', 'phase', 'told, in this order'], rows), ...sentences].join('\n\n');
}

function rowsOf({ events, told }) {
  if (told.length === 0) return [[events.map((event) => linkTo(event)).join(', '), 'none', '']];
  return told.map(({ phase, name }, index) => [
    index === 0 ? events.map((event) => linkTo(event)).join(', ') : '',
    told[index - 1]?.phase === phase ? '' : phase,
    linkToMethod(name),
  ]);
}

function sentenceOf({ events, told }) {
  const listeners = told.map(({ phase, name }) => `${linkToMethod(name)} (${phase})`);
  const names = events.map((event) => linkTo(event)).join(', ');
  return `Only ${listeners.join(' and ') || 'nothing'}: ${names}.`;
}

function linkToMethod(name) {
  return linkTo(name.split('.')[0], `\`${name}\``);
}
