export const checkGherkin = async () => []
