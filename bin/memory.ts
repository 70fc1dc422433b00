import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessMemory {
  /** The program, and how many of its processes are added up. */
  program: string;
  processes: number;
  megabytes: number;
}

/**
 * Resident memory of this process and everything it started, by program, largest first. Pages that processes share
 * (Postgres' buffers) count once per process. Empty where there is no /proc.
 */
export function residentMemory(): ProcessMemory[] {
  const all = processes();
  const mine = new Set([process.pid]);
  // A parent may come after its child in the list.
  for (let size = 0; size !== mine.size;) {
    size = mine.size;
    for (const { pid, parent } of all) if (mine.has(parent)) mine.add(pid);
  }
  const programs = new Map<string, ProcessMemory>();
  for (const { pid, program, megabytes } of all) {
    if (!mine.has(pid)) continue;
    const sum = programs.get(program) ?? { program, processes: 0, megabytes: 0 };
    programs.set(program, { program, processes: sum.processes + 1, megabytes: sum.megabytes + megabytes });
  }
  return [...programs.values()].toSorted((a, b) => b.megabytes - a.megabytes);
}

function processes() {
  const found = [];
  for (const entry of numberedFolders()) {
    try {
      const status = readFileSync(`/proc/${entry}/status`, 'utf8');
      const commandLine = readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0');
      found.push({
        pid: Number(entry),
        parent: Number(field(status, 'PPid')),
        megabytes: Number.parseInt(field(status, 'VmRSS') || '0', 10) / 1024,
        program: programOf(field(status, 'Name'), commandLine),
      });
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

function numberedFolders(): string[] {
  try {
    return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  } catch {
    return [];
  }
}

const field = (status: string, name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';

/** Many processes are called node or java; the script or class that they run says more. */
function programOf(name: string, [, ...args]: string[]): string {
  const script = args
    .find((arg) => arg.endsWith('.ts'))
    ?.split('/')
    .slice(-2)
    .join('/');
  if (script !== undefined) return script;
  return args.includes('kafka.Kafka') ? 'kafka' : name;
}
