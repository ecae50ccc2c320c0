// Tests of PlanOptimization.
