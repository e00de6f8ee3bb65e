// Where finished exports lie until they expire.
import { join } from 'node:path';

export const exportFolder = (data: string) => join(data, 'exports');
export const exportPath = (data: string, diskName: string) => join(exportFolder(data), diskName);
