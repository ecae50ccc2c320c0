// Tests of PlanEvaluation.
