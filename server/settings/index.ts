// The door of settings.
export { changeFirm, type FirmInput } from './change-firm';
export { companyField, languageField, publicUrlField, timeZoneField } from './forms';
export { settingsPersonal } from './personal';
export { settingsRoutes } from './routes';
export { firmOf, forgetSetting, publicUrlOf, readSetting, SETTINGS, writeSetting } from './settings';
