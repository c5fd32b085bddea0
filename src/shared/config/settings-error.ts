/** A setting that is wrong. Its message is one line that names the variable and never repeats a secret. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}
