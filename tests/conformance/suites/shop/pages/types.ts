export interface Product {
  code: string
  name: string
  price: number
}

export type Visible<T> = { readonly [K in keyof T]: T[K] }

export enum Section {
  Books = 'books',
  Tools = 'tools',
}

export const enum Size {
  Small = 1,
  Large = Small << 2,
}
