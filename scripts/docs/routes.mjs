// Every route of the running application: its controller's method and who may call it.
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { table } from './markdown.mjs';
import { linkTo, load } from './sources.mjs';

export async function routeTable(app) {
  const accessTo = await load('accessTo');
  const policy = await load('USER_POLICY');
  const rows = routesOf(app)
    .toSorted((a, b) => compare(a.path, b.path) || compare(a.method, b.method))
    .map(({ method, path, controller, handler }) => [
      `\`${method} ${path}\``,
      linkTo(controller.name, `\`${controller.name}.${handler.name}\``),
      whoMay(accessTo(handler, controller), policy),
    ]);
  return table(['route', 'method', 'who may'], rows);
}

function routesOf(app) {
  const scanner = new MetadataScanner();
  return app
    .get(DiscoveryService, { strict: false })
    .getControllers()
    .flatMap(({ metatype: controller }) =>
      scanner.getAllMethodNames(controller.prototype).flatMap((name) => {
        const handler = controller.prototype[name];
        const method = Reflect.getMetadata(METHOD_METADATA, handler);
        if (method === undefined) return [];
        const [prefixes, paths] = [controller, handler].map((target) =>
          [Reflect.getMetadata(PATH_METADATA, target)].flat(),
        );
        return prefixes.flatMap((prefix) =>
          paths.map((path) => ({
            method: RequestMethod[method],
            path: `/${prefix}/${path}`.replace(/\/+/g, '/').replace(/(?<=.)\/$/, ''),
            controller,
            handler,
          })),
        );
      }),
    );
}

function whoMay({ requirement, action }, policy) {
  if (requirement === 'public') return 'anyone, without a token';
  if (requirement === 'admin') return 'administrators';
  if (requirement === 'clinical') return 'approved clinical users, administrators';
  if (requirement !== null) throw new Error(`Who may, where "${requirement}" is required?`);
  if (action === null) return 'anyone who is signed in';
  const rule = policy[action];
  const allowed = [
    rule.own && 'the user',
    rule.clinical && 'approved clinical users (of parents)',
    rule.admin && 'administrators',
  ];
  return `\`${action}\`: ${allowed.filter(Boolean).join(', ')}`;
}

function compare(a, b) {
  return a < b ? -1 : Number(a > b);
}
