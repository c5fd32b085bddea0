import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { type Extension, extensions } from './extensions.js';
import { limitRequests } from './limits/index.js';
import type { Settings } from './shared/config/settings.js';
import { acceptJsonOnly, MAX_BODY_SIZE } from './shared/http/json-body.js';
import {
  clientErrorHandler,
  originTarget,
  refuseMalformedRequests,
} from './shared/http/malformed-requests.js';
import { addRequestHooks, requestId } from './shared/http/request-hooks.js';
import { addSecurityHeaders } from './shared/http/security-headers.js';
import { createLogger, NestLogger } from './shared/observability/logger.js';
import { HttpMetrics } from './shared/observability/metrics.js';
import { logRequests } from './shared/observability/request-log.js';
import { serveDocs } from './shared/openapi/serve-docs.js';
import { SECOND } from './shared/lib/duration.js';

const HEADERS_TIMEOUT_MS = 5 * SECOND;
const REQUEST_TIMEOUT_MS = 10 * SECOND;
/** The longest path parameter that the router reads; every longer one is no id of anything. */
const MAX_PARAMETER_LENGTH = 512;

export interface AppOptions {
  readonly extensions?: Extension[];
  readonly logger?: Logger;
}

/** The application as it runs, without listening yet: for main and for the tests alike. */
export async function createApp(
  settings: Settings,
  options: AppOptions = {},
): Promise<NestFastifyApplication> {
  const logger =
    options.logger ??
    createLogger(settings.logLevel, { pretty: !settings.isProduction && process.stdout.isTTY });
  // Set once the application is there; before, nothing is listening.
  const unread: { record?: (status: number, id: string) => void } = {};
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_SIZE,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Node would answer a missing Host with an empty body; refuseMalformedRequests does it in our shape.
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: SECOND,
      requireHostHeader: false,
    },
    trustProxy: settings.trustProxy.length > 0 ? [...settings.trustProxy] : false,
    routerOptions: { maxParamLength: MAX_PARAMETER_LENGTH },
    requestIdHeader: false,
    genReqId: requestId,
    rewriteUrl: originTarget,
    clientErrorHandler: clientErrorHandler((status, id) => unread.record?.(status, id)),
    // Requests that still come in during a stop are answered like any other.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(settings, options.extensions ?? extensions),
    adapter,
    { bodyParser: false, logger: new NestLogger(logger), abortOnError: false },
  );
  const fastify = adapter.getInstance();
  const metrics = app.get(HttpMetrics);
  unread.record = (status, id) => {
    metrics.observe('unknown', 'unknown', status, 0);
    logger.info({ requestId: id, status }, 'request');
  };
  addRequestHooks(fastify);
  logRequests(fastify, logger, metrics);
  addSecurityHeaders(app, { includeSubDomains: settings.hstsIncludeSubDomains });
  if (settings.corsOrigins.length > 0) {
    app.enableCors({
      origin: [...settings.corsOrigins],
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
      allowedHeaders: ['Content-Type', 'X-User-Token', 'Authorization', 'X-Request-Id', 'X-Access-Reason'],
      exposedHeaders: [
        'X-User-Token',
        'X-Request-Id',
        'Link',
        'Retry-After',
        'RateLimit',
        'RateLimit-Policy',
      ],
      // An OPTIONS that is no preflight is answered, too, not refused as text.
      strictPreflight: false,
      maxAge: 600,
    });
  }
  // After CORS: a browser may read a refusal only with its headers.
  limitRequests(app);
  refuseMalformedRequests(fastify);
  acceptJsonOnly(fastify);
  serveDocs(app);
  return app;
}
