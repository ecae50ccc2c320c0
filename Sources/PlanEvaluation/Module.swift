enum PlanEvaluationModule {}
