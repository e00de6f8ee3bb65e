// The door of privacy: export, erasure, retention, copies and restores.

export { BACKUP_JOB, backupWork, makeNightlyBackup } from './backups';
export { backupCommand, eraseCommand, exportCommand, retentionCommand } from './commands';
export { ERASE_JOB, resumeInterrupted, tryErasuresAgain } from './erase';
export { eraseWork } from './erasing';
export { deleteOldEvidence } from './evidence';
export { expireLedger } from './expire-ledger';
export { deleteExpiredExports, EXPORT_JOB, exportWork } from './exports';
export { atWorkOn, handOn, takeBack } from './hand-on';
export { prepareLedger, wasErased } from './ledger';
export { type Restored, type RestoreWish, restoreBackup } from './restore';
export { keptUntil, RETENTION_JOB, retentionWork, runRules } from './retention';
export { privacyRoutes } from './routes';
export { FEWEST_DAYS, findRules, keepRetentionRule, MOST_DAYS, RULE_KINDS, SUGGESTED_DAYS } from './rules';
export { settleCommand } from './settle-command';
export { erasedAt, isHeld, takeAway } from './take-away';
export { emptyTrash } from './trash';
export { verifyFile } from './verify';
