export const self = 'by its own name'
export default class Self {}
