// The public interface of this module.
export { AdministratorsService } from './administrators.service.js';
export { PasswordHasher } from './password/password-hasher.js';
export {
  DefaultPasswordPolicy,
  normalizePassword,
  PasswordPolicy,
  type PasswordOwner,
} from './password/password-policy.js';
export { IsNewPassword } from './password/password.rule.js';
export { searchTermsOf } from './search/search-terms.js';
export { UserSearchTerm } from './search/user-search-term.entity.js';
export { User, searchKey, type CodeChannel } from './user.entity.js';
export * from './user.events.js';
export { PersonalDataExportService } from './personal-data-export.service.js';
export { ProfilesService } from './profiles.service.js';
export { TemplateUsersService } from './template-users.service.js';
export { UserPermissionGuard } from './user-permission.guard.js';
export { ANY_USER, UserIdentityResource, UserResource } from './user.resource.js';
export { CreateUserDto } from './users.dto.js';
export { UsersModule } from './users.module.js';
export { UsersService } from './users.service.js';
