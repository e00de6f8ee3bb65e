// The door of settings.
export { firmOf, forgetSetting, publicUrlOf, readSetting, SETTINGS, writeSetting } from './settings';
