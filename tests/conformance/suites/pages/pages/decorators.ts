export const log: string[] = []

export function logged(label: string) {
  return (_target: object, key: string, descriptor: PropertyDescriptor): PropertyDescriptor => {
    const original = descriptor.value as (...args: unknown[]) => unknown
    descriptor.value = function (this: unknown, ...args: unknown[]) {
      log.push(`${label}:${key}/${args.length}`)
      return original.apply(this, args)
    }
    return descriptor
  }
}

export function page(path: string) {
  return <C extends { new (...args: any[]): object }>(constructor: C) => {
    Object.defineProperty(constructor, 'path', { value: path })
    return constructor
  }
}
