// What other modules may import.
export { NotificationsModule } from './notifications.module.js';
