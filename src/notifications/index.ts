// What other modules may know of this one.
export { NotificationsModule } from './notifications.module.js';
