export * from './quota.entity.js';
export * from './quotas.module.js';
export * from './quotas.service.js';
